"""``python -m trainer`` is ``tokenalign-trainer``."""

import sys

from trainer.main import main

sys.exit(main())
