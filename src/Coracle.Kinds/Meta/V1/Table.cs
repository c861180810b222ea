using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

[ApiType]
public sealed partial class Table
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field]
    public ListMeta Metadata { get; set; } = new();

    [Field, Required, ListType("atomic")]
    public List<TableColumnDefinition>? ColumnDefinitions { get; set; }

    [Field, Required, ListType("atomic")]
    public List<TableRow>? Rows { get; set; }
}

[ApiType]
public sealed partial class TableColumnDefinition
{
    [Field, Required]
    public string Name { get; set; } = "";

    [Field, Required]
    public string Type { get; set; } = "";

    [Field, Required]
    public string Format { get; set; } = "";

    [Field, Required]
    public string Description { get; set; } = "";

    [Field, Required]
    public int Priority { get; set; }
}

[ApiType]
public sealed partial class TableRow
{
    [Field, Required, ListType("atomic")]
    public List<RawJson>? Cells { get; set; }

    [Field, ListType("atomic")]
    public List<TableRowCondition>? Conditions { get; set; }

    [Field(Always = true)]
    public RawJson? Object { get; set; }
}

[ApiType]
public sealed partial class TableRowCondition
{
    [Field, Required]
    public string Type { get; set; } = "";

    [Field, Required]
    public string Status { get; set; } = "";

    [Field]
    public string Reason { get; set; } = "";

    [Field]
    public string Message { get; set; } = "";
}
