"""Pure rules of the board: safe markup, findings of personal data, weeks and months."""
