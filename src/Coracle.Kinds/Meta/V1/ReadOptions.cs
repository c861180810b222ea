using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

[ApiType]
public sealed partial class ListOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1)]
    public string LabelSelector { get; set; } = "";

    [Field(2)]
    public string FieldSelector { get; set; } = "";

    [Field(3)]
    public bool Watch { get; set; }

    [Field(9)]
    public bool AllowWatchBookmarks { get; set; }

    [Field(4)]
    public string ResourceVersion { get; set; } = "";

    [Field(10)]
    public string ResourceVersionMatch { get; set; } = "";

    [Field(5)]
    public long? TimeoutSeconds { get; set; }

    [Field(7)]
    public long Limit { get; set; }

    [Field(8)]
    public string Continue { get; set; } = "";

    [Field(11)]
    public bool? SendInitialEvents { get; set; }

    [Field(15)]
    public string ShardSelector { get; set; } = "";
}

[ApiType]
public sealed partial class GetOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1)]
    public string ResourceVersion { get; set; } = "";
}

[ApiType]
public sealed partial class TableOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1)]
    public string IncludeObject { get; set; } = "";
}

public static class ResourceVersionMatch
{
    public const string NotOlderThan = "NotOlderThan";
    public const string Exact = "Exact";
}

public static class IncludeObjectPolicy
{
    public const string None = "None";
    public const string Metadata = "Metadata";
    public const string Object = "Object";
}
