"""Every noun that has a JSON of its own, by the name that documentation and programs use."""

from collections.abc import Mapping

from monitor.access.view import AddedTokenShape, TokenShape, UserShape
from monitor.feed_lists.view import ListedShape, OpmlShape
from monitor.report.view import CoveredShape, ReportShape
from monitor.views.alert import AlertDetailsShape, AlertShape, ReplayedAlertShape
from monitor.views.article import (
    ArticleDetailsShape,
    ArticleShape,
    ArticleTextShape,
    StoryDetailsShape,
    StoryShape,
)
from monitor.views.channel import (
    AddedChannelShape,
    ChannelShape,
    EditedChannelShape,
    EnabledChannelShape,
    RemovedChannelShape,
)
from monitor.views.delivery import DeliveryShape, RenderedShape
from monitor.views.hit import HitShape
from monitor.views.rules.change import ChangeShape, EntryShape, ProblemShape
from monitor.views.rules.explanation import ExplanationShape
from monitor.views.rules.rule import (
    AddedRuleShape,
    ChangedRuleShape,
    KeptRuleShape,
    RuleDetailsShape,
)
from monitor.views.rules.trial import TrialShape
from monitor.views.rules.variant import DecidedShape, ExpandedShape, FeedbackShape, RatedShape
from monitor.views.service import (
    CopiedShape,
    FindingShape,
    MigratedShape,
    PrunedShape,
    RestoredShape,
    StatusShape,
    WrittenShape,
)
from monitor.views.silence import EndedSilenceShape, SilenceShape
from monitor.views.sources.candidate import CandidateShape
from monitor.views.sources.inspection import InspectionShape
from monitor.views.sources.poll import PollShape
from monitor.views.sources.source import SourceDetailsShape, SourceShape

NOUNS: Mapping[str, type] = {
    "source": SourceShape,
    "source details": SourceDetailsShape,
    "candidate": CandidateShape,
    "listed feed": ListedShape,
    "opml": OpmlShape,
    "poll": PollShape,
    "inspection": InspectionShape,
    "rule": KeptRuleShape,
    "added rule": AddedRuleShape,
    "changed rule": ChangedRuleShape,
    "rule details": RuleDetailsShape,
    "decided variants": DecidedShape,
    "expanded rule": ExpandedShape,
    "feedback": FeedbackShape,
    "rated alert": RatedShape,
    "trial": TrialShape,
    "explanation": ExplanationShape,
    "problem": ProblemShape,
    "change": ChangeShape,
    "entry": EntryShape,
    "channel": ChannelShape,
    "added channel": AddedChannelShape,
    "enabled channel": EnabledChannelShape,
    "edited channel": EditedChannelShape,
    "removed channel": RemovedChannelShape,
    "article": ArticleShape,
    "article with text": ArticleTextShape,
    "article details": ArticleDetailsShape,
    "story": StoryShape,
    "story details": StoryDetailsShape,
    "hit": HitShape,
    "alert": AlertShape,
    "alert details": AlertDetailsShape,
    "replayed alert": ReplayedAlertShape,
    "delivery": DeliveryShape,
    "rendered message": RenderedShape,
    "silence": SilenceShape,
    "ended silence": EndedSilenceShape,
    "token": TokenShape,
    "added token": AddedTokenShape,
    "user": UserShape,
    "report": ReportShape,
    "covered source": CoveredShape,
    "status": StatusShape,
    "finding": FindingShape,
    "written file": WrittenShape,
    "restored database": RestoredShape,
    "migrated database": MigratedShape,
    "copied database": CopiedShape,
    "pruned archive": PrunedShape,
}
"""Each a `TypedDict`, of which `schema.schema_of` makes the schema that may be served."""
