"""The front page for visitors, and for members what is new, who is here and what is asked of them."""
