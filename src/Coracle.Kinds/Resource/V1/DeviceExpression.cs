using Coracle.Kinds.Validation;
using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.Kinds.Resource.V1;

/// <summary>Conditions on devices in CEL: what they may name, and what is wrong with one (upstream: dynamic-resource-allocation/cel).</summary>
internal static class DeviceExpression
{
    private const int CostMax = 1_000_000;
    private const int AttributesMax = 32;
    private const int DriverNameMax = 63;
    private const int DomainMax = 63;
    private const int IdentifierMax = 32;
    private const int AttributeTextMax = 64;

    private static readonly CelDeclaration Device = CelDeclaration.Object("kubernetes.DRADevice", new Dictionary<string, CelDeclaration>
    {
        ["driver"] = CelDeclaration.Text(DriverNameMax),
        ["attributes"] = ByDomain(CelDeclaration.Any(AttributeTextMax)),
        ["capacity"] = ByDomain(CelDeclaration.Of(CelType.Struct("kubernetes.Quantity"))),
        ["allowMultipleAllocations"] = CelDeclaration.Bool,
    });

    private static readonly CelEnvironment Environment = CelEnvironment.Kubernetes.WithBindings().WithVariable("device", Device);

    private static CelDeclaration ByDomain(CelDeclaration value) =>
        CelDeclaration.Map(CelDeclaration.Text(DomainMax), CelDeclaration.Map(CelDeclaration.Text(IdentifierMax), value, AttributesMax), AttributesMax);

    internal static CelCompilation Compile(string expression) => CelProgram.Compile(expression, Environment);

    internal static void Check(string expression, FieldPath path, FieldErrors errors)
    {
        var compiled = Compile(expression);
        if (compiled.Program is not { } program) errors.Invalid(path, expression, compiled.FailureText);
        else if (program.OutputType is { Kind: not (CelTypeKind.Bool or CelTypeKind.Dyn) } type) errors.Invalid(path, expression, $"must evaluate to bool or the unknown type, not {type}");
        else if (program.EstimateCost(Device).Max > CostMax) errors.Forbidden(path, "too complex, exceeds cost limit");
    }
}
