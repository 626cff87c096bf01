"""The part of SARIF 2.1.0 that is read here. Tools add much; what is not named is passed over."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True)


class Message(Part):
    text: str = ""
    markdown: str = ""


class ArtifactLocation(Part):
    uri: str = ""
    uri_base_id: str = ""
    index: int = -1


class Snippet(Part):
    text: str = ""


class Region(Part):
    start_line: int | None = None
    snippet: Snippet = Snippet()


class PhysicalLocation(Part):
    artifact_location: ArtifactLocation = ArtifactLocation()
    region: Region = Region()


class Location(Part):
    physical_location: PhysicalLocation = PhysicalLocation()


class Configuration(Part):
    level: str = "warning"


class Rule(Part):
    id: str = ""
    name: str = ""
    short_description: Message = Message()
    full_description: Message = Message()
    help_uri: str = ""
    default_configuration: Configuration = Configuration()
    properties: dict[str, Any] = Field(default_factory=dict)


class Component(Part):
    name: str = ""
    version: str = ""
    semantic_version: str = ""
    rules: list[Rule] = Field(default_factory=list)


class Tool(Part):
    driver: Component
    extensions: list[Component] = Field(default_factory=list)


class ComponentReference(Part):
    index: int = -1


class RuleReference(Part):
    id: str = ""
    index: int = -1
    tool_component: ComponentReference = ComponentReference()


class Suppression(Part):
    status: str = "accepted"


class Result(Part):
    rule_id: str = ""
    rule_index: int = -1
    rule: RuleReference = RuleReference()
    kind: str = "fail"
    level: str = ""
    baseline_state: str = ""
    message: Message = Message()
    locations: list[Location] = Field(default_factory=list)
    fingerprints: dict[str, str] = Field(default_factory=dict)
    partial_fingerprints: dict[str, str] = Field(default_factory=dict)
    suppressions: list[Suppression] = Field(default_factory=list)
    properties: dict[str, Any] = Field(default_factory=dict)


class Notification(Part):
    level: str = "warning"
    message: Message = Message()


class Invocation(Part):
    execution_successful: bool = True
    tool_execution_notifications: list[Notification] = Field(default_factory=list)


class Revision(Part):
    revision_id: str = ""


class Artifact(Part):
    location: ArtifactLocation = ArtifactLocation()


class Run(Part):
    tool: Tool
    results: list[Result] | None = None
    """None: nothing was looked for, which is not the same as an empty list."""
    invocations: list[Invocation] = Field(default_factory=list)
    artifacts: list[Artifact] = Field(default_factory=list)
    original_uri_base_ids: dict[str, ArtifactLocation] = Field(default_factory=dict)
    version_control_provenance: list[Revision] = Field(default_factory=list)


class Log(Part):
    version: str
    runs: list[Run]
