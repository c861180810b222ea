namespace Coracle.Schema;

/// <summary>The fields of one manager, named in one version. What is stored is read only when a change touches it.</summary>
public sealed class ManagerFields
{
    private readonly byte[]? json;
    private FieldSet? set;

    public ManagerFields(FieldSet set, string apiVersion, bool applied) => (this.set, ApiVersion, Applied) = (set, apiVersion, applied);

    /// <summary>Fields as FieldsV1 that <see cref="FieldSet.Write"/> wrote.</summary>
    internal ManagerFields(byte[] json, string apiVersion, bool applied) => (this.json, ApiVersion, Applied) = (json, apiVersion, applied);

    public FieldSet Set => set ??= FieldSet.Read(json);
    public string ApiVersion { get; }

    /// <summary>By server-side apply rather than by updates.</summary>
    public bool Applied { get; }

    internal ManagerFields With(FieldSet fields) => new(fields, ApiVersion, Applied);

    /// <summary>Whether any of these paths is among the fields.</summary>
    internal bool Touches(FieldSet paths) => set is null ? FieldSet.Touches(json, paths) : !set.Intersect(paths).IsEmpty;

    /// <summary>As FieldsV1.</summary>
    internal byte[] ToBytes() => json ?? Set.ToBytes();
}
