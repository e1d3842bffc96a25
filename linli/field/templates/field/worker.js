/* The field's service worker: its own files at once, pages from the network, the day's list and what is
   not to be had from the phone. It keeps nothing of anybody: that lies encrypted in the store. */
var VERSION = "{{ version }}";
var FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
importScripts("{% static 'field/idb.js' %}", "{% static 'field/store.js' %}", "{% static 'field/outbox.js' %}", "{% static 'field/worker.js' %}");
