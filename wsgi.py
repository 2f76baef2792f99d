"""The WSGI entry point."""

import gc

from portal import create_app

application = create_app()
gc.freeze()  # what is loaded now stays: the collector need not walk over it again and again
