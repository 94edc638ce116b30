"""Makes the trained NER of `models/problems-ner`; see its README. No part of the product."""
