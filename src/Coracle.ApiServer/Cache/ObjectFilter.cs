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

    public bool HasSelector => _labels is not null || _fields is not null;

    /// <summary>The key at which matching objects begin.</summary>
    public string StartKey => Namespace.Length == 0 ? "" : Namespace + "/";

    /// <summary>False once keys have passed all that could match.</summary>
    public bool InRange(StoredObject obj) => Namespace.Length == 0 || obj.Namespace == Namespace;

    public bool Matches(StoredObject obj) =>
        InRange(obj) && (_labels is null || _labels.Matches(obj.Labels)) && (_fields is null || _fields.Matches((this, obj), static (state, field) => state.obj.Field(state.Item1.Path(field))));

    private string Path(string field)
    {
        foreach (var selectable in _kind.Selectable)
            if (selectable.Name == field) return selectable.Path;
        return field;
    }

    public static Result<ObjectFilter> Parse(KindInfo kind, string ns, string labelSelector, string fieldSelector)
    {
        LabelQuery? labels = null;
        FieldQuery? fields = null;
        if (labelSelector.Length > 0 && !LabelQuery.TryParse(labelSelector, out labels, out var error))
            return ApiStatus.BadRequest(error!);
        if (fieldSelector.Length > 0 && !FieldQuery.TryParse(fieldSelector, out fields, out error))
            return ApiStatus.BadRequest(error!);
        foreach (var requirement in fields?.Requirements ?? [])
            if (!IsSelectable(kind, requirement.Field)) return ApiStatus.BadRequest(NotSelectable(kind, requirement.Field));
        return new ObjectFilter(kind, ns, labels is { IsEverything: true } ? null : labels, fields is { IsEverything: true } ? null : fields);
    }

    private static bool IsSelectable(KindInfo kind, string field) =>
        field == "metadata.name" || field == "metadata.namespace" && kind.Namespaced || kind.Selectable.Any(s => s.Name == field);

    // Kinds with fields of their own to select by say it in other words than those without.
    private static string NotSelectable(KindInfo kind, string field) => kind.Selectable.Count > 0
        ? $"field label not supported: {field}"
        : $"{GoText.Quote(field)} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";
}
