"""From an upright page image to lines of words: engines, and the stage that uses one."""
