using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

[ApiType]
public sealed partial class CreateOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1), ListType("atomic")]
    public List<string>? DryRun { get; set; }

    [Field(3)]
    public string FieldManager { get; set; } = "";

    [Field(4)]
    public string FieldValidation { get; set; } = "";
}

[ApiType]
public sealed partial class UpdateOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1), ListType("atomic")]
    public List<string>? DryRun { get; set; }

    [Field(2)]
    public string FieldManager { get; set; } = "";

    [Field(3)]
    public string FieldValidation { get; set; } = "";
}

[ApiType]
public sealed partial class PatchOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1), ListType("atomic")]
    public List<string>? DryRun { get; set; }

    [Field(2)]
    public bool? Force { get; set; }

    [Field(3)]
    public string FieldManager { get; set; } = "";

    [Field(4)]
    public string FieldValidation { get; set; } = "";
}
