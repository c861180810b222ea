using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>Which objects to list or watch, and as of when.</summary>
[ApiType]
public sealed partial class ListOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>Restricts the objects by labels.</summary>
    [Field(1)]
    public string LabelSelector { get; set; } = "";

    /// <summary>Restricts the objects by fields.</summary>
    [Field(2)]
    public string FieldSelector { get; set; } = "";

    /// <summary>Answer with changes as they happen.</summary>
    [Field(3)]
    public bool Watch { get; set; }

    /// <summary>Send events of type BOOKMARK from time to time, which tell how far the watch is.</summary>
    [Field(9)]
    public bool AllowWatchBookmarks { get; set; }

    /// <summary>From when on to watch, or as of when to list.</summary>
    [Field(4)]
    public string ResourceVersion { get; set; } = "";

    /// <summary>How resourceVersion is meant in a list: Exact or NotOlderThan.</summary>
    [Field(10)]
    public string ResourceVersionMatch { get; set; } = "";

    /// <summary>After how many seconds to end, whatever happens.</summary>
    [Field(5)]
    public long? TimeoutSeconds { get; set; }

    /// <summary>How many objects a page of a list may have.</summary>
    [Field(7)]
    public long Limit { get; set; }

    /// <summary>The token of the page before.</summary>
    [Field(8)]
    public string Continue { get; set; } = "";

    /// <summary>Begin a watch with an ADDED for every object, and a bookmark at their end.</summary>
    [Field(11)]
    public bool? SendInitialEvents { get; set; }

    /// <summary>Restricts the objects to ranges of hashes of a field, so that clients can share the work.</summary>
    [Field(15)]
    public string ShardSelector { get; set; } = "";
}

/// <summary>As of when to read an object.</summary>
[ApiType]
public sealed partial class GetOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>As of when; the latest unless given.</summary>
    [Field(1)]
    public string ResourceVersion { get; set; } = "";
}

/// <summary>How a table is to be made.</summary>
[ApiType]
public sealed partial class TableOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>What of the object is in each row: None, Metadata or Object.</summary>
    [Field(1)]
    public string IncludeObject { get; set; } = "";
}

/// <summary>How a version is meant in a list.</summary>
public static class ResourceVersionMatch
{
    public const string NotOlderThan = "NotOlderThan";
    public const string Exact = "Exact";
}

/// <summary>What of the object is in each row of a table.</summary>
public static class IncludeObjectPolicy
{
    public const string None = "None";
    public const string Metadata = "Metadata";
    public const string Object = "Object";
}
