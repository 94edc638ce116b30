"""From any file to page images that stand upright: open, deliver, upright, clean, check-boxes."""
