"""From a caption or a sound to ranked files with their moments."""
