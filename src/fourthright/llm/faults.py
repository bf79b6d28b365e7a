"""What LiteLLM's exceptions mean here, and which of them may heal."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Mapping
from typing import Literal

from fourthright.errors import FourthrightError, ModelBusy, ModelUnavailable, ReplyFiltered, ReplyRejected

WAYS_OUT = "Use another model by FOURTHRIGHT_MODEL, or --no-model."

Fault = Literal["busy", "refused", "unknown", "rejected", "too long", "filtered", "unusable"]

FAULTS: Mapping[str, Fault] = {
    "APIConnectionError": "busy",
    "APIError": "busy",
    "BadGatewayError": "busy",
    "InternalServerError": "busy",
    "MidStreamFallbackError": "busy",
    "MockException": "busy",
    "OpenAIError": "busy",
    "RateLimitError": "busy",
    "ServiceUnavailableError": "busy",
    "Timeout": "busy",
    "AuthenticationError": "refused",
    "BudgetExceededError": "refused",
    "PaymentRequiredError": "refused",
    "PermissionDeniedError": "refused",
    "LiteLLMUnknownProvider": "unknown",
    "ModelNotMappedError": "unknown",
    "NotFoundError": "unknown",
    "BadRequestError": "rejected",
    "ImageFetchError": "rejected",
    "InvalidRequestError": "rejected",
    "UnprocessableEntityError": "rejected",
    "UnsupportedParamsError": "rejected",
    "VectorStoreSearchError": "rejected",
    "ContextWindowExceededError": "too long",
    "BlockedPiiEntityError": "filtered",
    "ContentPolicyViolationError": "filtered",
    "GuardrailRaisedException": "filtered",
    "ModifyResponseException": "filtered",
    "RejectedRequestError": "filtered",
    "SensitiveDataRouteException": "filtered",
    "APIResponseValidationError": "unusable",
    "JSONSchemaValidationError": "unusable",
}
"""By class name, because LiteLLM is imported late. A subclass means what its nearest ancestor in this table means."""

CODES: Mapping[str, Fault] = {
    "content_filter": "filtered",
    "content_policy_violation": "filtered",
    "context_length_exceeded": "too long",
    "insufficient_quota": "refused",
}
"""The provider's own code, where it says more than the class."""

STATUS: Mapping[int, Fault] = {401: "refused", 402: "refused", 403: "refused", 404: "unknown", 413: "too long"}
"""LiteLLM has one class for several client errors; there the HTTP status decides."""
CLIENT_ERROR = 4  # hundred
HEALING = (408, 409, 425, 429)


OURS: Mapping[Fault, tuple[type[FourthrightError], str]] = {
    "busy": (ModelBusy, f"{{model}} did not answer ({{name}}). Try again later. {WAYS_OUT}"),
    "refused": (ModelUnavailable, f"{{model}} refused the key or the account. Check the key. {WAYS_OUT}"),
    "unknown": (ModelUnavailable, f"The provider does not know {{model}}. Check FOURTHRIGHT_MODEL. {WAYS_OUT}"),
    "rejected": (ModelUnavailable, f"{{model}} does not take this kind of request. {WAYS_OUT}"),
    "too long": (ReplyRejected, "The text is longer than {model} can read. Shorten it."),
    "filtered": (ReplyFiltered, "The provider of {model} filtered the reply."),
    "unusable": (ReplyRejected, "The reply of {model} has the wrong form."),
}


def fault(error: BaseException) -> Fault | None:
    """What an exception of LiteLLM means; None for an exception that is not LiteLLM's."""
    found = next((FAULTS[cls.__name__] for cls in type(error).__mro__ if cls.__name__ in FAULTS), None)
    body = getattr(error, "body", None)
    if found and isinstance(body, Mapping) and body.get("code") in CODES:
        return CODES[str(body["code"])]
    status = getattr(error, "status_code", None)
    if found == "busy" and isinstance(status, int) and status // 100 == CLIENT_ERROR and status not in HEALING:
        return STATUS.get(status, "rejected")
    return found


def may_heal(error: BaseException) -> bool:
    """Whether the same call may go through a little later."""
    return fault(error) == "busy"


def retry_after(error: BaseException) -> float | None:
    """Seconds the server asks to wait, from its Retry-After header (seconds or a date); None when it does not."""
    headers = getattr(error, "litellm_response_headers", None) or getattr(
        getattr(error, "response", None), "headers", None
    )
    value = str((headers or {}).get("retry-after", "")).strip()
    if value.isdigit():
        return float(value)
    when = email.utils.parsedate_tz(value) if value else None
    return max(0.0, email.utils.mktime_tz(when) - time.time()) if when else None


def translated(error: BaseException, model: str) -> FourthrightError:
    """Our error for LiteLLM's, in one line, without its message: that may quote the prompt."""
    kind, message = OURS[fault(error) or "busy"]
    return kind(message.format(model=model, name=type(error).__name__))
