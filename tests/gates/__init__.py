"""Gates that every page of every room passes (docs/gates.md): rooms add pages, the gates find them."""
