"""巡 patrols: what is looked at on the way, and how long ago. Nouns: route, point, plan, patrol, finding."""
