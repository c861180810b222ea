using System.Reflection;
using System.Runtime.CompilerServices;

namespace Coracle.Testing.Tests;

/// <summary>
/// What others build on is in a file beside each library. What is in there must not go or change unnoticed; what is new is added with CORACLE_GOLDEN=write, and seen in the review.
/// </summary>
public sealed class PublicSurfaceTests
{
    [Theory]
    [InlineData(typeof(Sdk.Client), "Coracle.Sdk")]
    [InlineData(typeof(TestCluster), "Coracle.Testing")]
    public void Nothing_that_others_build_on_goes_or_changes_unnoticed(Type any, string project)
    {
        var file = Path.Combine(Repository(), "src", project, "PublicSurface.txt");
        var lines = any.Assembly.GetExportedTypes().SelectMany(Lines).Order(StringComparer.Ordinal).ToList();
        if (Environment.GetEnvironmentVariable("CORACLE_GOLDEN") == "write") File.WriteAllLines(file, lines);
        Assert.Empty(File.ReadAllLines(file).Except(lines, StringComparer.Ordinal));
    }

    private static string Repository()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Coracle.slnx"))) at = at.Parent ?? throw new DirectoryNotFoundException("the repository");
        return at.FullName;
    }

    private static IEnumerable<string> Lines(Type type)
    {
        var name = Name(type);
        var sort = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        var parents = type.GetInterfaces().Where(i => i.IsPublic && i.Namespace!.StartsWith("Coracle", StringComparison.Ordinal) || i == typeof(IDisposable) || i == typeof(IAsyncDisposable)).Select(Name).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum)) parents.Insert(0, Name(b));
        yield return $"{name}: {sort}{(parents.Count > 0 ? " : " + string.Join(", ", parents) : "")}";
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            yield return $"{name}: {Text(type.GetMethod("Invoke")!)}";
            yield break;
        }
        foreach (var member in type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            if (IsOffered(member) && !IsMade(member) && Text(member) is { } text) yield return $"{name}: {text}";
    }

    private static bool IsOffered(MemberInfo member) => member switch
    {
        MethodBase m => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly,
        FieldInfo f => f.IsPublic || f.IsFamily,
        PropertyInfo p => p.GetAccessors(true).Any(IsOffered),
        EventInfo e => IsOffered(e.AddMethod!),
        _ => false,
    };

    // What the compiler adds to records says nothing that their properties do not.
    private static bool IsMade(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is not PropertyInfo;

    private static string? Text(MemberInfo member) => member switch
    {
        ConstructorInfo c => $"new({Parameters(c)})",
        MethodInfo { IsSpecialName: true } m when !m.Name.StartsWith("op_", StringComparison.Ordinal) => null,
        MethodInfo m => $"{Where(m)}{Name(m.ReturnType)} {m.Name}{Arguments(m)}({Parameters(m)})",
        PropertyInfo p => $"{Where(p.GetAccessors(true)[0])}{Name(p.PropertyType)} {p.Name} {{{string.Concat(p.GetAccessors(true).Where(IsOffered).Select(Accessor))} }}",
        FieldInfo { IsLiteral: true } f => $"{f.Name} = {f.GetRawConstantValue()}",
        FieldInfo f => $"{(f.IsStatic ? "static " : "")}{Name(f.FieldType)} {f.Name}",
        EventInfo e => $"event {Name(e.EventHandlerType!)} {e.Name}",
        _ => null,
    };

    private static string Where(MethodInfo m) => $"{(m.IsPublic ? "" : "protected ")}{(m.IsStatic ? "static " : "")}{(m.IsAbstract ? "abstract " : m.IsVirtual && !m.IsFinal && !m.DeclaringType!.IsSealed ? "virtual " : "")}";

    private static string Accessor(MethodInfo m) => m.ReturnType != typeof(void) ? " get;" : m.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";

    private static string Arguments(MethodInfo m) => m.IsGenericMethodDefinition ? $"<{string.Join(", ", m.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Parameters(MethodBase m) => string.Join(", ", m.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.IsOptional ? " = default" : "")}"));

    private static string Name(Type type)
    {
        if (type.IsByRef) return "ref " + Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter) return type.Name;
        var own = type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Namespace is "System" or "System.Collections.Generic" or "System.Threading" or "System.Threading.Tasks" ? type.Name : type.FullName ?? $"{type.Namespace}.{type.Name}";
        if (own.Contains('[', StringComparison.Ordinal)) own = own[..own.IndexOf('[', StringComparison.Ordinal)];
        return type.IsGenericType && own.Contains('`', StringComparison.Ordinal) ? $"{own[..own.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : own;
    }
}
