using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Which objects a list or watch is about: a namespace or all, a label selector and a field selector.</summary>
public sealed class ObjectFilter
{
    private readonly LabelQuery? _labels;
    private readonly FieldQuery? _fields;
    private readonly KindInfo _kind;

    private ObjectFilter(KindInfo kind, string ns, LabelQuery? labels, FieldQuery? fields) =>
        (_kind, Namespace, _labels, _fields) = (kind, ns, labels, fields);

    /// <summary>Empty for all namespaces.</summary>
    public string Namespace { get; }

    /// <summary>How objects are shown, where that may not be how they are stored: a definition's fields are those of the version that is asked for.</summary>
    private Func<StoredObject, ReadOnlyMemory<byte>>? View { get; init; }

    /// <summary>Matching looks into objects as they are shown: what a webhook converts has to be ready before.</summary>
    internal bool LooksIntoViews => View is not null && _fields?.Requirements.Any(r => !IsOfMeta(r.Field)) == true;

    /// <summary>The one value of a field that all matching objects have; null where there is none such.</summary>
    internal WatchTopic? Topic
    {
        get
        {
            if (View is not null || !_kind.BuiltIn || _fields?.Requirements.FirstOrDefault(static r => r is { Negated: false, Field: not "metadata.namespace" }) is not { } wanted) return null;
            return wanted.Field is { Length: > 0 } name ? new(name, wanted.Value, obj => ValueOf(obj, name)) : null;
        }
    }

    private static bool IsOfMeta(string field) => field is "metadata.name" or "metadata.namespace";

    public bool HasSelector => _labels is not null || _fields is not null;

    /// <summary>The key at which matching objects begin.</summary>
    public string StartKey => Namespace.Length == 0 ? "" : Namespace + "/";

    /// <summary>The first key after all that could match; null where nothing comes after.</summary>
    public string? EndKey => Namespace.Length == 0 ? null : Namespace + (char)('/' + 1);

    /// <summary>False once keys have passed all that could match.</summary>
    public bool InRange(StoredObject obj) => Namespace.Length == 0 || obj.Namespace == Namespace;

    public bool Matches(StoredObject obj) =>
        InRange(obj) && (_labels is null || _labels.Matches(obj.Labels)) && (_fields is null || _fields.Matches((this, obj), static (state, field) => state.Item1.ValueOf(state.obj, field)));

    // "a|b": b where there is no a.
    private string ValueOf(StoredObject obj, string field)
    {
        var path = Path(field);
        var bar = _kind.BuiltIn ? path.IndexOf('|', StringComparison.Ordinal) : -1;
        if (bar < 0) return ValueAt(obj, field, path);
        return ValueAt(obj, field, path[..bar]) is { Length: > 0 } value ? value : ValueAt(obj, field, path[(bar + 1)..]);
    }

    private string ValueAt(StoredObject obj, string field, string path)
    {
        if (View is not null && !IsOfMeta(field) && View(obj) is var shown && !shown.Equals(obj.Json)) return JsonPeek.Text(shown.Span, path) ?? "";
        var value = obj.Field(path);
        return value.Length > 0 || !_kind.BuiltIn ? value : Zero(path);
    }

    // What is left out of the stored bytes is zero, which a number or a flag spells out.
    private string Zero(string path)
    {
        var node = _kind.Schema;
        foreach (var range in path.AsSpan().Split('.'))
        {
            if (node.Property(path[range])?.Node is not { } next) return "";
            node = next;
        }
        return node.Type switch { SchemaType.Boolean => "false", SchemaType.Integer => "0", _ => "" };
    }

    private string Path(string field)
    {
        foreach (var selectable in _kind.Selectable)
            if (selectable.Name == field) return selectable.Path;
        return field;
    }

    /// <summary>The selectors of a query, before it is known whether the kind has such fields.</summary>
    public static Result<(LabelQuery? Labels, FieldQuery? Fields)> Read(string labelSelector, string fieldSelector)
    {
        LabelQuery? labels = null;
        FieldQuery? fields = null;
        if (labelSelector.Length > 0 && !LabelQuery.TryParse(labelSelector, out labels, out var error)) return ApiStatus.BadRequest(error!);
        if (fieldSelector.Length > 0 && !FieldQuery.TryParse(fieldSelector, out fields, out error)) return ApiStatus.BadRequest(error!);
        return (labels, fields);
    }

    /// <param name="kind">The kind.</param>
    /// <param name="ns">The namespace; empty for all.</param>
    /// <param name="selectors">The selectors.</param>
    /// <param name="name">The one object that the path names, or null.</param>
    /// <param name="view">How objects are shown; null where that is how they are stored.</param>
    public static Result<ObjectFilter> Of(
        KindInfo kind, string ns, (LabelQuery? Labels, FieldQuery? Fields) selectors, string? name, Func<StoredObject, ReadOnlyMemory<byte>>? view = null)
    {
        var (labels, fields) = selectors;
        foreach (var requirement in fields?.Requirements ?? [])
            if (!IsSelectable(kind, requirement.Field)) return ApiStatus.BadRequest(Unselectable(kind, requirement.Field));
        if (name is not null)
        {
            if (fields is { IsEverything: false } && !fields.Requirements.Any(r => r is { Field: "metadata.name", Negated: false } && r.Value == name))
                return ApiStatus.BadRequest("fieldSelector metadata.name doesn't match requested name");
            if (fields is null or { IsEverything: true } && !FieldQuery.TryParse($"metadata.name={name}", out fields, out var error)) return ApiStatus.BadRequest(error!);
        }
        return new ObjectFilter(kind, ns, labels is { IsEverything: true } ? null : labels, fields is { IsEverything: true } ? null : fields) { View = view };
    }

    private static bool IsSelectable(KindInfo kind, string field) =>
        field is "metadata.name" || field is "metadata.namespace" && (kind.Namespaced || kind.BuiltIn) || kind.Selectable.Any(s => s.Name == field);

    // Kinds without fields of their own share one text.
    private static string Unselectable(KindInfo kind, string field) => kind switch
    {
        { BuiltIn: false } => $"field label not supported: {field}",
        { Selectable.Count: 0 } => $"{GoText.Quote(field)} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"",
        { Group: "batch" } => $"field label {GoText.Quote(field)} not supported for batchv1.{kind.Kind}",
        _ => $"field label not supported: {field}",
    };
}
