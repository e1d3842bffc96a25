"""Where: areas, estates, buildings, entrances, homes, grids and the codes on doors (地).

Nouns: area, estate, building, entrance, home, place code. It tells the others when areas, houses or
codes come, change or end, and when an import was applied.
"""
