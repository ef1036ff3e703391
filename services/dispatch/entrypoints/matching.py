"""Entrypoints about who serves an item and on which terms: matching, offers, terms, and what they heed."""

from services.dispatch.handlers import assessment, consents, matching, offers, organizations, terms
from shared.bus import every, on, rpc
from shared.contracts.dispatch import (
    AcceptOffer,
    AgreeTerms,
    DeclineOffer,
    DeliverResult,
    DropTerms,
    GetMatch,
    GetOffer,
    GetTerms,
    GetWeights,
    InviteOrganizations,
    ListAssessments,
    ListOffers,
    ProposeTerms,
    RankCandidates,
    SetWeights,
    StartJob,
)
from shared.contracts.intake import ConsentRecorded, ConsentWithdrawn
from shared.contracts.providers import OrganizationRegistered


class Matching:
    """Part of the dispatch service, which brings `uow`."""

    @on(OrganizationRegistered)
    def on_organization_registered(self, event):
        organizations.know_organization(event, self.uow)

    @every(30)
    def look_again(self):
        matching.look_again_at_all(self.uow)

    @on(ConsentRecorded)
    def on_consent_recorded(self, event):
        consents.know_consent(event, self.uow)

    @on(ConsentWithdrawn)
    def on_consent_withdrawn(self, event):
        consents.forget_consent(event, self.uow)

    @rpc(ListAssessments)
    def list_assessments(self, query):
        return assessment.list_assessments(query, self.uow)

    @rpc(RankCandidates)
    def rank_candidates(self, command):
        return matching.rank_candidates(command, self.uow)

    @rpc(GetMatch)
    def get_match(self, query):
        return matching.get_match(query, self.uow)

    @rpc(InviteOrganizations)
    def invite_organizations(self, command):
        return matching.invite_organizations(command, self.uow)

    @rpc(SetWeights)
    def set_weights(self, command):
        return matching.set_weights(command, self.uow)

    @rpc(GetWeights)
    def get_weights(self, query):
        return matching.get_weights(query, self.uow)

    @rpc(AcceptOffer)
    def accept_offer(self, command):
        return offers.accept_offer(command, self.uow)

    @rpc(DeclineOffer)
    def decline_offer(self, command):
        return offers.decline_offer(command, self.uow)

    @rpc(StartJob)
    def start_job(self, command):
        return offers.start_job(command, self.uow)

    @rpc(DeliverResult)
    def deliver_result(self, command):
        return offers.deliver_result(command, self.uow)

    @rpc(GetOffer)
    def get_offer(self, query):
        return offers.get_offer(query, self.uow)

    @rpc(ListOffers)
    def list_offers(self, query):
        return offers.list_offers(query, self.uow)

    @rpc(ProposeTerms)
    def propose_terms(self, command):
        return terms.propose_terms(command, self.uow)

    @rpc(AgreeTerms)
    def agree_terms(self, command):
        return terms.agree_terms(command, self.uow)

    @rpc(DropTerms)
    def drop_terms(self, command):
        return terms.drop_terms(command, self.uow)

    @rpc(GetTerms)
    def get_terms(self, query):
        return terms.get_terms(query, self.uow)
