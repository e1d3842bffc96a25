"""Other systems (联): the keys they act with and the webhooks they listen on. Nouns: key, webhook, delivery.

A key holds duties over places, like a post; it is turned into an actor at the edge, so no service
needs to know that a program calls. Rooms above name what can be listened to (`register_topics`).
"""
