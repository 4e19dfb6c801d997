"""Programs that the bench runs as processes: they read a JSON request and print a JSON answer.

Only here may the program's side import torch: nothing imports these modules, they are run.
"""
