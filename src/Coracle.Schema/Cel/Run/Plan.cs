namespace Coracle.Schema.Cel;

/// <summary>
/// A node on its way to code. Names, and selections from names, are attributes: upstream charges the name one where the whole is read, and
/// nothing where a condition or an index reads it, so a plan can be made with or without that charge.
/// </summary>
internal sealed class Plan
{
    private readonly Func<bool, Code> make;

    private Plan(Func<bool, Code> make, bool attribute, CelValue? constant) => (this.make, IsAttribute, Constant) = (make, attribute, constant);

    public bool IsAttribute { get; }

    /// <summary>The value, where it is known before anything runs.</summary>
    public CelValue? Constant { get; }

    public static Plan Of(Code code) => new(_ => code, false, null);
    public static Plan Attribute(Func<bool, Code> make) => new(make, true, null);
    public static Plan Known(CelValue value) => new(_ => _ => value, false, value);

    /// <summary>As an expression of its own.</summary>
    public Code Run() => make(true);

    /// <summary>As the start of a selection, which pays for it.</summary>
    public Code Unpaid() => make(false);
}
