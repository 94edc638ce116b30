"""From words on a page to text, headers, sections and documents; pure."""
