using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>How an object is to be created.</summary>
[ApiType]
public sealed partial class CreateOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>"All" does everything but store the outcome.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? DryRun { get; set; }

    /// <summary>Who makes the change, in the record of managed fields.</summary>
    [Field(3)]
    public string FieldManager { get; set; } = "";

    /// <summary>What to do with unknown and repeated fields: Ignore, Warn or Strict.</summary>
    [Field(4)]
    public string FieldValidation { get; set; } = "";
}

/// <summary>How an object is to be replaced.</summary>
[ApiType]
public sealed partial class UpdateOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>"All" does everything but store the outcome.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? DryRun { get; set; }

    /// <summary>Who makes the change, in the record of managed fields.</summary>
    [Field(2)]
    public string FieldManager { get; set; } = "";

    /// <summary>What to do with unknown and repeated fields: Ignore, Warn or Strict.</summary>
    [Field(3)]
    public string FieldValidation { get; set; } = "";
}

/// <summary>How an object is to be changed by a patch.</summary>
[ApiType]
public sealed partial class PatchOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>"All" does everything but store the outcome.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? DryRun { get; set; }

    /// <summary>Take over fields that others manage. For apply alone.</summary>
    [Field(2)]
    public bool? Force { get; set; }

    /// <summary>Who makes the change, in the record of managed fields. Needed for apply.</summary>
    [Field(3)]
    public string FieldManager { get; set; } = "";

    /// <summary>What to do with unknown and repeated fields: Ignore, Warn or Strict.</summary>
    [Field(4)]
    public string FieldValidation { get; set; } = "";
}
