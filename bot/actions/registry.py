"""All custom actions, by one list: what the domain names and what runs are the same."""

from __future__ import annotations

from rasa_sdk import Action

from bot.actions.account.task import Account
from bot.actions.answer import Answer
from bot.actions.ask_doctor import AskDoctor
from bot.actions.attachments.task import Attachments
from bot.actions.base import AnyTask, ResumeTask, TaskAction
from bot.actions.booking.task import Booking
from bot.actions.cancellation.task import Cancellation
from bot.actions.complaint.task import FileComplaint
from bot.actions.conversation import Clarify, Repeat
from bot.actions.coverage.package import AskPackage
from bot.actions.coverage.task import CheckCoverage
from bot.actions.facilities.own import Facilities
from bot.actions.facilities.partner import Partner
from bot.actions.medical_question import MedicalQuestion
from bot.actions.opinion.task import GiveOpinion
from bot.actions.pregnancy.task import PregnancyCare
from bot.actions.prescription.task import Renewal
from bot.actions.recommendations import Recommendations
from bot.actions.referrals import Referrals
from bot.actions.reimbursement.task import Reimbursement
from bot.actions.requests import NextRequest
from bot.actions.rescheduling.task import Rescheduling
from bot.actions.results import Results
from bot.actions.session import SessionStart
from bot.actions.urgent.task import UrgentHelp
from bot.actions.vaccination import AskVaccination
from bot.actions.visits.task import Visits
from bot.actions.world import Reception
from bot.dialogue.texts import Texts


def all_tasks() -> dict[str, AnyTask]:
    """Tasks by name."""
    tasks: list[AnyTask] = [
        Booking(),
        Cancellation(),
        Rescheduling(),
        CheckCoverage(),
        Visits(),
        Attachments(),
        Renewal(),
        Results(),
        Referrals(),
        Recommendations(),
        AskDoctor(),
        FileComplaint(),
        GiveOpinion(),
        Reimbursement(),
        PregnancyCare(),
        Account(),
        Facilities(),
        Partner(),
        UrgentHelp(),
    ]
    return {task.name: task for task in tasks}


def all_actions(reception: Reception, texts: Texts) -> list[Action]:
    """Everything `domain.yml` lists under `actions`."""
    tasks = all_tasks()
    return [
        SessionStart(),
        *(TaskAction(task, tasks, reception, texts) for task in tasks.values()),
        ResumeTask(tasks, reception, texts),
        Answer(texts),
        Repeat(texts),
        Clarify(texts),
        NextRequest(texts),
        AskPackage(reception, texts),
        AskVaccination(reception, texts),
        MedicalQuestion(reception, texts),
    ]
