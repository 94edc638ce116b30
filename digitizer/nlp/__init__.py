"""Clinical entities and what the text asserts of them: rules and dictionaries run with spaCy.

A page is *read* once (`reading`): its words, with misread ones as they were meant, in sentences
and sections. *Finders* (`problems`, `medications`, `measurements` …) each yield mentions; where
they overlap the longest stays (`mention`). `assertion` says of each whether it holds, whose and
when. `convert` turns mentions into entities of the chart.
"""
