using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

internal sealed class QuantityValue(Quantity quantity) : CelObject
{
    public static readonly T QuantityType = T.Struct("kubernetes.Quantity");

    public Quantity Quantity => quantity;
    public override T Type => QuantityType;
    public override bool SameAs(CelObject other) => other is QuantityValue theirs && theirs.Quantity == quantity;
    public override string ToString() => quantity.ToString();
}

/// <summary>Resource quantities: <c>quantity("1Gi").isLessThan(quantity("2G"))</c>.</summary>
internal static class Quantities
{
    private static readonly T Q = QuantityValue.QuantityType;

    public static CelLibrary Library { get; } = new("kubernetes.quantity",
        new("quantity", CelOverload.Function("string_to_quantity", [T.String], Q, s =>
            Quantity.TryParse(s.AsString, out var quantity, out var error) ? Value(quantity) : CelValue.Error(error!))),
        new("isQuantity", CelOverload.Function("is_quantity_string", [T.String], T.Bool, s => CelValue.Bool(Quantity.TryParse(s.AsString, out _)))),
        new("sign", CelOverload.Function("quantity_sign", [Q], T.Int, q => CelValue.Int(Of(q).Sign))),
        new("isGreaterThan", CelOverload.Member("quantity_is_greater_than", [Q, Q], T.Bool, (a, b) => CelValue.Bool(Of(a) > Of(b)))),
        new("isLessThan", CelOverload.Member("quantity_is_less_than", [Q, Q], T.Bool, (a, b) => CelValue.Bool(Of(a) < Of(b)))),
        new("compareTo", CelOverload.Member("quantity_compare_to", [Q, Q], T.Int, (a, b) => CelValue.Int(Of(a).CompareTo(Of(b))))),
        new("asApproximateFloat", CelOverload.Member("quantity_get_float", [Q], T.Double, q => CelValue.Double(Of(q).AsDouble))),
        new("asInteger", CelOverload.Member("quantity_get_int", [Q], T.Int, q => IsInteger(Of(q)) ? CelValue.Int(Of(q).Value) : CelValue.Error("cannot convert value to integer"))),
        new("isInteger", CelOverload.Member("quantity_is_integer", [Q], T.Bool, q => CelValue.Bool(IsInteger(Of(q))))),
        new("add",
            CelOverload.Member("quantity_add", [Q, Q], Q, (a, b) => Value(Of(a) + Of(b))),
            CelOverload.Member("quantity_add_int", [Q, T.Int], Q, (a, b) => Value(Of(a) + Quantity.FromLong(b.AsInt, QuantityFormat.DecimalExponent)))),
        new("sub",
            CelOverload.Member("quantity_sub", [Q, Q], Q, (a, b) => Value(Of(a) - Of(b))),
            CelOverload.Member("quantity_sub_int", [Q, T.Int], Q, (a, b) => Value(Of(a) - Quantity.FromLong(b.AsInt, QuantityFormat.DecimalExponent)))))
    {
        Types = [Q],
    };

    private static CelValue Value(Quantity quantity) => CelValue.Object(new QuantityValue(quantity));
    private static Quantity Of(CelValue value) => ((QuantityValue)value.AsObject).Quantity;

    /// <summary>A whole number of 64 bits.</summary>
    private static bool IsInteger(Quantity quantity) => Quantity.FromLong(quantity.Value) == quantity;
}
