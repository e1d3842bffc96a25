"""Told once, on the channel that reaches them, never at night: notices, templates, deliveries (讯).

Nouns: notice, template, delivery, robot, digest. It tells the others when nothing reached somebody.
"""
