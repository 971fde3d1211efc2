"""Entry point: the window without arguments; colorize, models, evaluate, benchmark and train with them."""
from training.cli import app
app(standalone_mode=True)
