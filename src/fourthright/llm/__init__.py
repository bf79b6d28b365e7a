"""The one way to a language model, embedded or hosted: ask, with a schema, a budget and a stop button.

Calls go through LiteLLM, whose import takes seconds; this package imports it on first use. The one loop is about
transport: it retries what may heal. What a reply says is the caller's business. No error carries prompt text.
"""

from fourthright.embedded import Cancel, never
from fourthright.llm.chat import ChatModel, Message, Reply, decode, outgoing
from fourthright.llm.models import connect, provider

__all__ = ["Cancel", "ChatModel", "Message", "Reply", "connect", "decode", "never", "outgoing", "provider"]
