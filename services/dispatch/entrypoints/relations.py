"""Entrypoints about what an item lacks, whose it is, what it belongs with: notices, hand-over, parts, duplicates."""

from services.dispatch.handlers import duplicates, handovers, notices, reopening, splits
from shared.bus import rpc
from shared.contracts.dispatch import (
    AcceptHandOver,
    AnswerNotice,
    CloseNotice,
    DeclineHandOver,
    IssueNotice,
    LinkItem,
    ListOneTimeNotices,
    MergeItem,
    OfferHandOver,
    ReopenItem,
    SplitItem,
    UnlinkItem,
    UnmergeItem,
    UnsplitItem,
)


class Relations:
    """Part of the dispatch service, which brings `uow`."""

    @rpc(MergeItem)
    def merge_item(self, command):
        return duplicates.merge_item(command, self.uow)

    @rpc(UnmergeItem)
    def unmerge_item(self, command):
        return duplicates.unmerge_item(command, self.uow)

    @rpc(LinkItem)
    def link_item(self, command):
        return duplicates.link_item(command, self.uow)

    @rpc(UnlinkItem)
    def unlink_item(self, command):
        return duplicates.unlink_item(command, self.uow)

    @rpc(SplitItem)
    def split_item(self, command):
        return splits.split_item(command, self.uow)

    @rpc(UnsplitItem)
    def unsplit_item(self, command):
        return splits.unsplit_item(command, self.uow)

    @rpc(ReopenItem)
    def reopen_item(self, command):
        return reopening.reopen_item(command, self.uow)

    @rpc(IssueNotice)
    def issue_notice(self, command):
        return notices.issue_notice(command, self.uow)

    @rpc(AnswerNotice)
    def answer_notice(self, command):
        return notices.answer_notice(command, self.uow)

    @rpc(CloseNotice)
    def close_notice(self, command):
        return notices.close_notice(command, self.uow)

    @rpc(ListOneTimeNotices)
    def list_one_time_notices(self, query):
        return notices.list_one_time_notices(query, self.uow)

    @rpc(OfferHandOver)
    def offer_hand_over(self, command):
        return handovers.offer_hand_over(command, self.uow)

    @rpc(AcceptHandOver)
    def accept_hand_over(self, command):
        return handovers.accept_hand_over(command, self.uow)

    @rpc(DeclineHandOver)
    def decline_hand_over(self, command):
        return handovers.decline_hand_over(command, self.uow)
