"""The only place that knows every room: settings, addresses, server, the linli command."""
