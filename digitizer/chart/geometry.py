"""Boxes and the affine maps between the upright page image and the page as delivered."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel rectangle: `x0 <= x < x1`, `y0 <= y < y1`, origin at the top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Extent to the right, in the box's own unit."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Extent downwards, in the box's own unit."""
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        """The middle point `(x, y)`."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    @property
    def area(self) -> float:
        """Its extent in square units; 0.0 for one turned inside out."""
        return max(0.0, self.width) * max(0.0, self.height)

    def common(self, other: Box) -> float:
        """The area that lies in both."""
        wide = min(self.x1, other.x1) - max(self.x0, other.x0)
        return max(0.0, wide) * max(0.0, self.level(other))

    def level(self, other: Box) -> float:
        """The height that both take up; below 0 the gap from the one to the other."""
        return min(self.y1, other.y1) - max(self.y0, other.y0)

    def holds(self, other: Box) -> bool:
        """Whether the middle of `other` lies in this box or on its edge."""
        x, y = other.centre
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all of `boxes`; ValueError when there are none."""
        every = tuple(boxes)
        if not every:
            raise ValueError("no box to go around")
        return cls(
            min(b.x0 for b in every),
            min(b.y0 for b in every),
            max(b.x1 for b in every),
            max(b.y1 for b in every),
        )


@dataclass(frozen=True, slots=True)
class Affine:
    """The map `(x, y) -> (a·x + b·y + c, d·x + e·y + f)`."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    @classmethod
    def scaling(cls, x: float, y: float) -> Affine:
        """Stretch by `x` and `y` about the origin."""
        return cls(a=x, e=y)

    @classmethod
    def turning(cls, degrees: float, centre: tuple[float, float] = (0.0, 0.0)) -> Affine:
        """Turn clockwise, as seen on a page whose y axis points down, about `centre`."""
        angle = math.radians(degrees)
        cos, sin = math.cos(angle), math.sin(angle)
        cx, cy = centre
        return cls(cos, -sin, cx - cos * cx + sin * cy, sin, cos, cy - sin * cx - cos * cy)

    @classmethod
    def shifting(cls, x: float, y: float) -> Affine:
        """Move right by `x` and down by `y`."""
        return cls(c=x, f=y)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where the point goes."""
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def box(self, box: Box) -> Box:
        """The smallest axis-parallel box around where the four corners go."""
        corners = [self.point(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = zip(*corners, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    def then(self, after: Affine) -> Affine:
        """This map first, `after` second, as one map."""
        return Affine(
            after.a * self.a + after.b * self.d,
            after.a * self.b + after.b * self.e,
            after.a * self.c + after.b * self.f + after.c,
            after.d * self.a + after.e * self.d,
            after.d * self.b + after.e * self.e,
            after.d * self.c + after.e * self.f + after.f,
        )
