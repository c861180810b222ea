using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>Objects as rows of a table, for people to read.</summary>
[ApiType]
public sealed partial class Table
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>Where in time and in a series of pages the list stands.</summary>
    [Field]
    public ListMeta Metadata { get; set; } = new();

    /// <summary>The columns.</summary>
    [Field, Required, ListType("atomic")]
    public List<TableColumnDefinition>? ColumnDefinitions { get; set; }

    /// <summary>The rows.</summary>
    [Field, Required, ListType("atomic")]
    public List<TableRow>? Rows { get; set; }
}

/// <summary>A column of a table.</summary>
[ApiType]
public sealed partial class TableColumnDefinition
{
    /// <summary>Its heading.</summary>
    [Field, Required]
    public string Name { get; set; } = "";

    /// <summary>The OpenAPI type of its cells.</summary>
    [Field, Required]
    public string Type { get; set; } = "";

    /// <summary>The OpenAPI format of its cells; "name" marks the column of names.</summary>
    [Field, Required]
    public string Format { get; set; } = "";

    /// <summary>What it shows.</summary>
    [Field, Required]
    public string Description { get; set; } = "";

    /// <summary>How dispensable it is: 0 is always shown, higher ones where there is room.</summary>
    [Field, Required]
    public int Priority { get; set; }
}

/// <summary>A row of a table.</summary>
[ApiType]
public sealed partial class TableRow
{
    /// <summary>The cells, one for each column: strings, numbers, booleans, null.</summary>
    [Field, Required, ListType("atomic")]
    public List<RawJson>? Cells { get; set; }

    /// <summary>What is special about the row: it is Completed.</summary>
    [Field, ListType("atomic")]
    public List<TableRowCondition>? Conditions { get; set; }

    /// <summary>The object that the row is about, or what of it was asked for.</summary>
    [Field(Always = true)]
    public RawJson? Object { get; set; }
}

/// <summary>Something special about a row of a table.</summary>
[ApiType]
public sealed partial class TableRowCondition
{
    /// <summary>What: Completed.</summary>
    [Field, Required]
    public string Type { get; set; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Field, Required]
    public string Status { get; set; } = "";

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field]
    public string Reason { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field]
    public string Message { get; set; } = "";
}
