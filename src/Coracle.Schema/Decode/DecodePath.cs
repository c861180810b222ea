using System.Text;

namespace Coracle.Schema;

/// <summary>Where the decoder stands, for its messages.</summary>
internal sealed class DecodePath
{
    private readonly List<(string? Name, int Index, SchemaNode? Owner)> steps = [];

    /// <summary>A key of a map, or a field of <paramref name="owner"/>.</summary>
    public void Push(string name, SchemaNode? owner = null) => steps.Add((name, 0, owner));
    public void PushIndex(int index) => steps.Add((null, index, null));
    public void Pop() => steps.RemoveAt(steps.Count - 1);

    /// <summary>spec.containers[0].name</summary>
    public override string ToString() => Render(withIndices: true);

    public string With(string name) => steps.Count == 0 ? name : $"{this}.{name}";

    /// <summary>As Go's decoder names it: the innermost struct's type and the fields that lead there, without indices and keys: DeploymentSpec.spec.replicas</summary>
    public string GoField()
    {
        var definition = steps.FindLast(s => s.Owner is not null).Owner?.Definition;
        if (definition is null) return Render(withIndices: false);
        // Of a custom resource the metadata alone has a type, and is read by itself.
        var fields = steps.Where(s => s.Owner is { Checks: null }).Select(s => s.Name);
        return $"{definition[(definition.LastIndexOf('.') + 1)..]}.{string.Join('.', fields)}";
    }

    /// <summary>What Go's decoder says that it reads into: a field of a struct, or a value that is in none.</summary>
    public string GoTarget() => steps.Exists(s => s.Owner?.Definition is not null) ? "struct field " + GoField() : "value";

    private string Render(bool withIndices)
    {
        var text = new StringBuilder();
        foreach (var (name, index, _) in steps)
        {
            if (name is null)
            {
                if (withIndices) text.Append('[').Append(index).Append(']');
                continue;
            }
            if (text.Length > 0) text.Append('.');
            text.Append(name);
        }
        return text.ToString();
    }
}

/// <summary>Names of types as Go's messages print them.</summary>
internal static class GoTypes
{
    /// <summary>What upstream reads first of every object.</summary>
    public const string TypeMeta = """struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }""";

    public static string Name(SchemaNode node) => node.Type switch
    {
        SchemaType.Object when node.Definition is { } definition => Short(definition),
        SchemaType.Object => "map[string]interface {}",
        SchemaType.Map => "map[string]" + Name(node.Items!),
        SchemaType.Array => "[]" + Name(node.Items!),
        SchemaType.Integer => node.Format == "int32" ? "int32" : "int64",
        SchemaType.Number => "float64",
        SchemaType.Boolean => "bool",
        SchemaType.Quantity => "resource.Quantity",
        SchemaType.IntOrString => "intstr.IntOrString",
        SchemaType.String when node.Format == "date-time" => "v1.Time",
        SchemaType.String when node.Format == "byte" => "[]uint8",
        _ => "string",
    };

    // io.k8s.api.core.v1.Container -> v1.Container
    private static string Short(string definition)
    {
        var parts = definition.Split('.');
        return parts.Length < 2 ? definition : $"{parts[^2]}.{parts[^1]}";
    }
}
