namespace Coracle.Schema.Cel;

/// <summary>An object type that expressions can make: <c>JSONPatch{op: "add"}</c>.</summary>
public abstract class CelStruct(CelType type)
{
    public CelType Type { get; } = type;

    /// <summary>The type of a field; null where there is none of the name.</summary>
    public abstract CelType? FieldType(string field);

    /// <summary>The value with these fields, or an error.</summary>
    public abstract CelValue Make(IReadOnlyDictionary<string, CelValue> fields);
}

/// <summary>
/// What an expression may name: functions and variables with their types. Immutable: every <c>With</c> gives another one, so an environment is made
/// once and shared. <see cref="Kubernetes"/> is what all expressions of the API start from.
/// </summary>
/// <example>
/// <code>
/// var self = CelDeclaration.From(CelSchema.From(node), "self", resourceRoot: true)!;
/// var environment = CelEnvironment.Kubernetes.WithVariable("self", self);
/// var compiled = CelProgram.Compile("self.spec.min &lt;= self.spec.max", environment);
/// if (compiled.Program is null) return compiled.IssueText;
/// var result = compiled.Program.Evaluate(new CelActivation().Set("self", CelJson.Typed(obj, schema)), CelLimits.PerCall);
/// </code>
/// </example>
public sealed class CelEnvironment
{
    private readonly Dictionary<string, CelFunction> functions;
    private readonly Dictionary<string, CelDeclaration> variables;
    private readonly Dictionary<string, CelType> types;
    private readonly Func<string, CelStruct?>? structs;

    private CelEnvironment(Dictionary<string, CelFunction> functions, Dictionary<string, CelDeclaration> variables, Dictionary<string, CelType> types, Func<string, CelStruct?>? structs)
    {
        this.functions = functions;
        this.variables = variables;
        this.types = types;
        this.structs = structs;
    }

    /// <summary>The language without libraries.</summary>
    public static CelEnvironment Standard { get; } = new CelEnvironment(
        new(StringComparer.Ordinal), new(StringComparer.Ordinal), new(StringComparer.Ordinal), null).WithLibrary(StandardLibrary.Library);

    /// <summary>The language with the libraries that Kubernetes v1.36 gives to every expression.</summary>
    public static CelEnvironment Kubernetes { get; } = KubernetesLibraries.All.Aggregate(Standard, (environment, library) => environment.WithLibrary(library));

    /// <summary>Elements of one list or map literal may be of different types. Kubernetes says no.</summary>
    public bool MixedLiterals { get; private init; }

    /// <summary>cel.bind(name, value, expression) is there. Kubernetes has it not.</summary>
    public bool Bindings { get; private init; }

    public CelEnvironment WithVariable(string name, CelDeclaration declaration) => new(functions, Added(variables, name, declaration), types, structs)
    {
        MixedLiterals = MixedLiterals,
        Bindings = Bindings,
    };

    public CelEnvironment WithVariable(string name, CelType type) => WithVariable(name, CelDeclaration.Of(type));

    /// <summary>This environment with object types that may be made and named; null is given for names that are none.</summary>
    public CelEnvironment WithStructs(Func<string, CelStruct?> find) => new(functions, variables, types, find)
    {
        MixedLiterals = MixedLiterals,
        Bindings = Bindings,
    };

    public CelEnvironment WithLibrary(CelLibrary library)
    {
        var all = new Dictionary<string, CelFunction>(functions, StringComparer.Ordinal);
        foreach (var function in library.Functions) all[function.Name] = all.TryGetValue(function.Name, out var known) ? known.With(function) : function;
        var named = new Dictionary<string, CelType>(types, StringComparer.Ordinal);
        foreach (var type in library.Types) named[type.Name] = type;
        return new(all, variables, named, structs) { MixedLiterals = MixedLiterals, Bindings = Bindings };
    }

    /// <summary>This environment with cel.bind(name, value, expression), as selectors of devices have it.</summary>
    public CelEnvironment WithBindings() => new(functions, variables, types, structs) { MixedLiterals = MixedLiterals, Bindings = true };

    /// <summary>The language as its specification has it, where that differs from how Kubernetes sets it up.</summary>
    public CelEnvironment WithSpecificationDefaults() => new(functions, variables, types, structs) { MixedLiterals = true, Bindings = true };

    private static Dictionary<string, T> Added<T>(Dictionary<string, T> all, string name, T value) => new(all, StringComparer.Ordinal) { [name] = value };

    internal CelFunction? FindFunction(string name) => functions.GetValueOrDefault(name);

    internal CelDeclaration? FindVariable(string name) => variables.GetValueOrDefault(name);

    internal CelStruct? FindStruct(string name) => structs?.Invoke(name);

    /// <summary>The type of a name: a variable's, or that of a type that is named.</summary>
    internal CelType? FindIdent(string name, out CelValue? constant)
    {
        constant = null;
        if (variables.TryGetValue(name, out var variable)) return variable.Type;
        var type = types.GetValueOrDefault(name) ?? FindStruct(name)?.Type;
        if (type is null) return null;
        constant = CelValue.Type(type);
        return CelType.TypeOf(type);
    }

    internal bool HasFields(CelType type) => type.Declaration?.Fields is not null || FindStruct(type.Name) is not null;

    internal CelType? FieldOf(CelType type, string field)
    {
        if (type.Declaration?.Fields is not { } fields) return FindStruct(type.Name)?.FieldType(field);
        return fields.GetValueOrDefault(field)?.Type ?? (CelNames.IsKeyword(field) ? fields.GetValueOrDefault($"__{field}__")?.Type : null);
    }
}
