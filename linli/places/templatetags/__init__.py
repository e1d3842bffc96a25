"""What the templates of places need besides the kernel's."""
