"""Where: the area tree, estates, buildings, entrances, homes, grids and the codes printed on doors (地).

Nouns: area, estate, building, entrance, home, place code. It tells the others when a code is scanned by
nobody, when grids change and when an import was applied.
"""
