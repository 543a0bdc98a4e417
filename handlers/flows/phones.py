"""The numbers to call (전화번호), each said once."""

from handlers.replies import Said, said
from handlers.scene import Scene


def phones(scene: Scene) -> list[str | Said]:
    """The call centre, and the intake desk where it has a number of its own."""
    city = scene.world.directory.city
    lines: list[str | Said] = [said("phones.call_centre", phone=city.call_centre)]
    if city.desk_phone and city.desk_phone != city.call_centre:
        lines.append(said("phones.desk", phone=city.desk_phone))
    return lines
