namespace Coracle.Schema;

/// <summary>The reasons of a field error, worded as in a Status' causes.</summary>
public enum FieldErrorType { NotFound, Required, Duplicate, Invalid, NotSupported, Forbidden, TooLong, TooMany, Internal, TypeInvalid }

/// <summary>One thing wrong with one field. <see cref="ToString"/> gives upstream's wording (apimachinery, field/errors.go).</summary>
public sealed record FieldError(FieldErrorType Type, string Field, string? BadValue, string Detail)
{
    /// <summary>The machine-readable reason of the cause: "FieldValueInvalid".</summary>
    public string Reason => Type switch
    {
        FieldErrorType.NotFound => "FieldValueNotFound",
        FieldErrorType.Required => "FieldValueRequired",
        FieldErrorType.Duplicate => "FieldValueDuplicate",
        FieldErrorType.NotSupported => "FieldValueNotSupported",
        FieldErrorType.Forbidden => "FieldValueForbidden",
        FieldErrorType.TooLong => "FieldValueTooLong",
        FieldErrorType.TooMany => "FieldValueTooMany",
        FieldErrorType.Internal => "InternalError",
        FieldErrorType.TypeInvalid => "FieldValueTypeInvalid",
        _ => "FieldValueInvalid",
    };

    private string Text => Type switch
    {
        FieldErrorType.NotFound => "Not found",
        FieldErrorType.Required => "Required value",
        FieldErrorType.Duplicate => "Duplicate value",
        FieldErrorType.NotSupported => "Unsupported value",
        FieldErrorType.Forbidden => "Forbidden",
        FieldErrorType.TooLong => "Too long",
        FieldErrorType.TooMany => "Too many",
        FieldErrorType.Internal => "Internal error",
        _ => "Invalid value",
    };

    /// <summary>The error without its field: "Invalid value: -1: must be greater than or equal to 0".</summary>
    public string Body
    {
        get
        {
            var withValue = BadValue is null || Type is FieldErrorType.Required or FieldErrorType.Forbidden or FieldErrorType.TooLong or FieldErrorType.Internal
                ? Text
                : $"{Text}: {BadValue}";
            return Detail.Length == 0 ? withValue : $"{withValue}: {Detail}";
        }
    }

    public override string ToString() => $"{Field}: {Body}";
}

/// <summary>Collects the errors of one object. Values are given as they are in C#; they are shown as upstream shows them (strings quoted, objects as JSON).</summary>
public sealed class FieldErrors
{
    private readonly List<FieldError> list = [];

    public IReadOnlyList<FieldError> All => list;
    public int Count => list.Count;

    public void Add(FieldError error) => list.Add(error);
    public void Invalid(FieldPath field, object? value, string detail) => Add(new(FieldErrorType.Invalid, field.ToString(), Show(value), detail));

    /// <summary>Invalid as a whole, where the value would say nothing.</summary>
    public void Invalid(FieldPath field, string detail) => Add(new(FieldErrorType.Invalid, field.ToString(), null, detail));

    public void Required(FieldPath field, string detail = "") => Add(new(FieldErrorType.Required, field.ToString(), null, detail));
    public void Duplicate(FieldPath field, object? value) => Add(new(FieldErrorType.Duplicate, field.ToString(), Show(value), ""));
    public void Forbidden(FieldPath field, string detail) => Add(new(FieldErrorType.Forbidden, field.ToString(), null, detail));
    public void NotFound(FieldPath field, object? value) => Add(new(FieldErrorType.NotFound, field.ToString(), Show(value), ""));

    /// <summary>"Too long: may not be more than N bytes", as upstream words it.</summary>
    public void TooLong(FieldPath field, int maxLength) => Add(new(FieldErrorType.TooLong, field.ToString(), null, $"may not be more than {maxLength} bytes"));

    public void TooMany(FieldPath field, int actual, int max) =>
        Add(new(FieldErrorType.TooMany, field.ToString(), Show(actual), $"must have at most {max} item{(max == 1 ? "" : "s")}"));

    public void NotSupported(FieldPath field, object? value, IEnumerable<string> supported) =>
        Add(new(FieldErrorType.NotSupported, field.ToString(), Show(value), "supported values: " + string.Join(", ", supported.Select(s => $"\"{s}\""))));

    /// <summary>A value as it stands in an error: strings in quotes, numbers and booleans plain, objects as JSON.</summary>
    public static string Show(object? value) => value switch
    {
        null => "null",
        string s => GoText.Quote(s),
        bool b => b ? "true" : "false",
        IFormattable n when n is int or long or double or short or byte => n.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        Quantity q => GoText.Quote(q.ToString()),
        IntOrString i => i.IsString ? GoText.Quote(i.ToString()) : i.ToString(),
        System.Text.Json.Nodes.JsonNode node => node.ToJsonString(),
        _ => value.ToString() ?? "",
    };
}

/// <summary>A path to a field: spec.template.spec.containers[0].name.</summary>
public sealed class FieldPath
{
    private readonly FieldPath? parent;
    private readonly string? text;
    private readonly int index;
    private readonly bool element;

    // Text is made of a path only when something is wrong there.
    private FieldPath(FieldPath? parent, string? text, bool element, int index = 0) => (this.parent, this.text, this.element, this.index) = (parent, text, element, index);

    /// <summary>The path above the object's own fields; prints as nothing.</summary>
    public static FieldPath Root { get; } = new(null, "", false);

    public static FieldPath Of(string name) => new(null, name, false);
    public FieldPath Child(string name) => new(this, name, false);
    public FieldPath this[int index] => new(this, null, true, index);
    public FieldPath Key(string key) => new(this, key, true);
    public static FieldPath operator /(FieldPath path, string name) => path.Child(name);

    public override string ToString()
    {
        if (parent is null) return text!;
        var prefix = parent.ToString();
        if (element) return text is null ? $"{prefix}[{index}]" : $"{prefix}[{text}]";
        return prefix.Length == 0 ? text! : $"{prefix}.{text}";
    }
}
