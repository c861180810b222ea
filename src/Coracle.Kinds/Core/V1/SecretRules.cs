using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Secrets beyond their schema.</summary>
public sealed partial class SecretRules : KindRules<Secret>
{
    /// <summary>What comes as plain text goes into data, over what is there.</summary>
    public override void Default(JsonObject obj)
    {
        if (obj.Child("stringData") is { } texts)
            foreach (var name in texts.Select(entry => entry.Key))
                obj.ChildOrNew("data")[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(texts.Text(name)));
        obj.Remove("stringData");
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Type", "What the secret is for, which says which keys it must have."),
        CommonColumns.Text("Data", "Number of keys."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(Secret obj, DateTimeOffset now) =>
        [obj.Metadata.Name, obj.Type, (long)(obj.Data?.Count ?? 0), Cell.Age(obj.Metadata, now)];
}
