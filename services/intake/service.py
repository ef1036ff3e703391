"""Intake on the bus: every entrypoint, nothing else."""

from datetime import UTC, datetime

from services.intake import store
from services.intake.handlers import (
    alike,
    chats,
    clients,
    consents,
    files,
    letters,
    mails,
    parks,
    requests,
    submissions,
    visits,
)
from services.intake.mail.round import send_due, take_in
from services.intake.wecom.round import open_left
from services.intake.wecom.round import send_due as send_replies_due
from shared.bus import Work, every, on, rpc
from shared.config import settings
from shared.contracts.dispatch import ItemAnswered, ItemClosed, ItemMerged, ItemRefused, ItemWithdrawn
from shared.contracts.intake import (
    AddAttachments,
    AddMail,
    AddVisits,
    ConfirmVisits,
    DropVisits,
    GetClient,
    GetConsent,
    GetContact,
    GetFile,
    GetMail,
    GetOwnRequest,
    GetRequest,
    GetSharedContact,
    GetSubmission,
    GetVisits,
    IdentifyClient,
    ListChannels,
    ListClients,
    ListConsents,
    ListFiles,
    ListMails,
    ListMessages,
    ListOwnRequests,
    ListSameClient,
    ListVisitLists,
    OpenFromMail,
    RecordConsent,
    RegisterFile,
    SettleMail,
    SubmitNeed,
    TakeChat,
    WithdrawConsent,
    WriteToClient,
)
from shared.contracts.station import StationOpened
from shared.files import shelf
from shared.metrics import Metrics


class IntakeService:
    """Takes needs as they are stated, numbers them, and keeps what is personal to itself."""

    name = "intake"

    uow = Work(store.UnitOfWork)
    metrics = Metrics()

    @on(StationOpened)
    def on_station_opened(self, event):
        parks.know_park(event, self.uow)

    @rpc(SubmitNeed)
    def submit_need(self, command):
        return requests.submit_need(command, self.uow)

    @rpc(GetSubmission)
    def get_submission(self, query):
        return submissions.get_submission(query, self.uow)

    @rpc(GetOwnRequest)
    def get_own_request(self, query):
        return requests.get_own_request(query, self.uow)

    @rpc(GetRequest)
    def get_request(self, query):
        return requests.get_request(query, self.uow)

    @rpc(ListSameClient)
    def list_same_client(self, query):
        return alike.list_same_client(query, self.uow)

    @rpc(GetContact)
    def get_contact(self, query):
        return requests.get_contact(query, self.uow)

    @rpc(ListChannels)
    def list_channels(self, query):
        return requests.list_channels(query, self.uow)

    @rpc(IdentifyClient)
    def identify_client(self, command):
        return clients.identify_client(command, self.uow)

    @rpc(GetClient)
    def get_client(self, query):
        return clients.get_client(query, self.uow)

    @rpc(ListClients)
    def list_clients(self, query):
        return clients.list_clients(query, self.uow)

    @rpc(ListOwnRequests)
    def list_own_requests(self, query):
        return clients.list_own_requests(query, self.uow)

    @rpc(RecordConsent)
    def record_consent(self, command):
        return consents.record_consent(command, self.uow)

    @rpc(WithdrawConsent)
    def withdraw_consent(self, command):
        return consents.withdraw_consent(command, self.uow)

    @rpc(GetConsent)
    def get_consent(self, query):
        return consents.get_consent(query, self.uow)

    @rpc(ListConsents)
    def list_consents(self, query):
        return consents.list_consents(query, self.uow)

    @rpc(GetSharedContact)
    def get_shared_contact(self, query):
        return consents.get_shared_contact(query, self.uow)

    @rpc(RegisterFile)
    def register_file(self, command):
        return files.register_file(command, self.uow)

    @rpc(AddAttachments)
    def add_attachments(self, command):
        return files.add_attachments(command, self.uow)

    @rpc(ListFiles)
    def list_files(self, query):
        return files.list_files(query, self.uow)

    @rpc(GetFile)
    def get_file(self, query):
        return files.get_file(query, self.uow)

    @on(ItemAnswered)
    def on_item_answered(self, event):
        chats.end_chat(event, self.uow)

    @on(ItemClosed)
    def on_item_closed(self, event):
        chats.end_chat(event, self.uow)

    @on(ItemMerged)
    def on_item_merged(self, event):
        chats.end_chat(event, self.uow)

    @on(ItemRefused)
    def on_item_refused(self, event):
        chats.end_chat(event, self.uow)

    @on(ItemWithdrawn)
    def on_item_withdrawn(self, event):
        chats.end_chat(event, self.uow)

    @rpc(TakeChat)
    def take_chat(self, command):
        return chats.take_chat(command, self.uow)

    @every(1)
    def send_replies(self):
        if settings().wecom_corp_id:
            send_replies_due(self.uow)

    @every(10)
    def open_left_waiting(self):
        if settings().wecom_corp_id:
            open_left(self.uow)

    @rpc(AddVisits)
    def add_visits(self, command):
        return visits.add_visits(command, self.uow)

    @rpc(ConfirmVisits)
    def confirm_visits(self, command):
        return visits.confirm_visits(command, self.uow)

    @rpc(DropVisits)
    def drop_visits(self, command):
        return visits.drop_visits(command, self.uow)

    @rpc(GetVisits)
    def get_visits(self, query):
        return visits.get_visits(query, self.uow)

    @rpc(ListVisitLists)
    def list_visit_lists(self, query):
        return visits.list_visit_lists(query, self.uow)

    @every(1)
    def take_visits_in(self):
        visits.take_some_in(self.uow)

    @every(3600)
    def forget_visits(self):
        visits.forget_visits(self.uow)

    @every(600)
    def sweep_files(self):
        files.sweep(self.uow)

    @every(6 * 3600)
    def sweep_shelf(self):
        files.sweep_shelf(self.uow, shelf(), datetime.now(UTC))

    @rpc(ListMails)
    def list_mails(self, query):
        return mails.list_mails(query, self.uow)

    @rpc(GetMail)
    def get_mail(self, query):
        return mails.get_mail(query, self.uow)

    @rpc(OpenFromMail)
    def open_from_mail(self, command):
        return mails.open_from_mail(command, self.uow)

    @rpc(AddMail)
    def add_mail(self, command):
        return mails.add_mail(command, self.uow)

    @rpc(SettleMail)
    def settle_mail(self, command):
        return mails.settle_mail(command, self.uow)

    @rpc(ListMessages)
    def list_messages(self, query):
        return letters.list_messages(query, self.uow)

    @rpc(WriteToClient)
    def write_to_client(self, command):
        return letters.write_to_client(command, self.uow)

    @every(settings().mail_seconds)
    def fetch_mail(self):
        if settings().imap_uri:
            take_in(self.uow, shelf(), settings())

    @every(2)
    def send_letters(self):
        if settings().smtp_uri:
            send_due(self.uow, settings())
