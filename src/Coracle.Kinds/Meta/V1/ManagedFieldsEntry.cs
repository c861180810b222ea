using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>The fields that one manager set by one kind of operation.</summary>
[ApiType]
public sealed partial class ManagedFieldsEntry
{
    /// <summary>The manager's name.</summary>
    [Field(1)]
    public string Manager { get; set; } = "";

    /// <summary>"Apply" or "Update".</summary>
    [Field(2)]
    public string Operation { get; set; } = "";

    /// <summary>The version in which the fields are named.</summary>
    [Field(3)]
    public string ApiVersion { get; set; } = "";

    /// <summary>When the entry last changed.</summary>
    [Field(4)]
    public DateTimeOffset? Time { get; set; }

    /// <summary>The format of the set of fields: "FieldsV1".</summary>
    [Field(6)]
    public string FieldsType { get; set; } = "";

    /// <summary>The set of fields, as a tree of "f:name", "k:{...}", "v:..." and "." keys.</summary>
    [Field(7)]
    public RawJson? FieldsV1 { get; set; }

    /// <summary>The sub-resource through which the fields were set; empty for the object itself.</summary>
    [Field(8)]
    public string Subresource { get; set; } = "";
}
