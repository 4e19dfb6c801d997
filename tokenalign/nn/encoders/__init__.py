"""Published encoders of audio and text, behind one interface each (`interface`).

`published` knows where their weights come from and loads them from a folder on this machine.
"""
