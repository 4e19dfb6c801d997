"""Widgets. A view holds no facts: it shows values that it is given and says what the user did."""
