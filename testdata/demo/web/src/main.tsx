import { createRoot } from "react-dom/client";
import { Checkout } from "@/ui/checkout";

createRoot(document.getElementById("app")!).render(<Checkout />);
