"""A tenth category, as an outsider would ship it."""

from services.providers.plugin import Accepted, Category, Item, provides
from shared.forms import integer, text


@provides("fumigation")
class Fumigation(Category):
    clause, title, title_en = "5.10", "熏蒸处理", "Fumigation"
    summary, summary_en = "出口木质包装熏蒸", "Fumigation of wooden packaging"
    items = {
        "a": Item(
            title="木质包装熏蒸",
            title_en="Wooden packaging",
            form={"pallets": integer("托盘数", en="Pallets", least=1)},
            result={"certificate": text("证书编号", en="Certificate")},
            words=("熏蒸", "木托盘"),
            example={"pallets": 3},
            example_result={"certificate": "X-1"},
        )
    }

    def consider(self, job, desk):
        return Accepted(note="可以办", result={"certificate": f"IPPC-{job.details['pallets']}"})
