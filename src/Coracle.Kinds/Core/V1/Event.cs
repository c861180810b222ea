using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Something that happened to an object. Kept for a short time.</summary>
[Kind("v1", "Event", "events", ShortNames = ["ev"], CreateOnUpdate = true, Selectable = ["involvedObject.kind", "involvedObject.namespace",
    "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath",
    "reason", "reportingComponent", "source=source.component|reportingComponent", "type"], Rules = typeof(EventRules))]
public sealed partial class Event
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1), Required]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The object that it happened to.</summary>
    [Field(2), Required]
    public ObjectReference InvolvedObject { get; set; } = new();

    /// <summary>Why, in one word, for programs.</summary>
    [Field(3)]
    public string Reason { get; set; } = "";

    /// <summary>What happened.</summary>
    [Field(4)]
    public string Message { get; set; } = "";

    /// <summary>Who reports it, in the older form.</summary>
    [Field(5)]
    public EventSource Source { get; set; } = new();

    /// <summary>When it first happened.</summary>
    [Field(6, Always = true)]
    public DateTimeOffset? FirstTimestamp { get; set; }

    /// <summary>When it last happened.</summary>
    [Field(7, Always = true)]
    public DateTimeOffset? LastTimestamp { get; set; }

    /// <summary>How often it happened.</summary>
    [Field(8)]
    public int Count { get; set; }

    /// <summary>Normal or Warning.</summary>
    [Field(9)]
    public string Type { get; set; } = "";

    /// <summary>When it first happened, to the microsecond.</summary>
    [Field(10, Always = true), MicroTime]
    public DateTimeOffset? EventTime { get; set; }

    /// <summary>How it went on, when it happened again and again.</summary>
    [Field(11)]
    public EventSeries? Series { get; set; }

    /// <summary>What was done or failed.</summary>
    [Field(12)]
    public string Action { get; set; } = "";

    /// <summary>A second object, on which the action depended.</summary>
    [Field(13)]
    public ObjectReference? Related { get; set; }

    /// <summary>The controller that reports it: kubernetes.io/kubelet.</summary>
    [Field(14, Always = true)]
    public string ReportingComponent { get; set; } = "";

    /// <summary>Which instance of the controller.</summary>
    [Field(15, Always = true)]
    public string ReportingInstance { get; set; } = "";
}

/// <summary>Who reports an event, in the older form.</summary>
[ApiType]
public sealed partial class EventSource
{
    /// <summary>The program.</summary>
    [Field(1)]
    public string Component { get; set; } = "";

    /// <summary>The node on which it runs.</summary>
    [Field(2)]
    public string Host { get; set; } = "";
}

/// <summary>Events that are one and the same, counted.</summary>
[ApiType]
public sealed partial class EventSeries
{
    /// <summary>How often it happened so far.</summary>
    [Field(1)]
    public int Count { get; set; }

    /// <summary>When it last happened.</summary>
    [Field(2, Always = true), MicroTime]
    public DateTimeOffset? LastObservedTime { get; set; }
}
